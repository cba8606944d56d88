"""What readers show: pages drawn by several renderers, now and when they were signed."""
