"""Who somebody is: sessions, local accounts, and the handshake with another sign-in."""
