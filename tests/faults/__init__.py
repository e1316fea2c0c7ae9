"""What the world does to us, and what comes of it."""
