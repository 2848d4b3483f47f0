"""What a face does on its own: blinks, gaze, head motion, breath."""
