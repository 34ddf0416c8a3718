"""What will happen by itself if nobody acts."""
