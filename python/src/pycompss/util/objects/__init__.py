"""What an object is."""
