"""What goes out: letters and decisions composed from approved values."""
