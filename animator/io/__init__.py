"""Files in and out, one kind a file. Outputs are written beside their place and moved into it when whole."""
