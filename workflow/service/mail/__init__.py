"""Mail on its way: claimed, gathered into what it tells, settled, held and come back."""
