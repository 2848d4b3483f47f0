"""Shape arithmetic: rotations, posing a head, cameras. Arrays in, arrays out."""
