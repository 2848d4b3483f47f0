"""Which head is in a picture: its shape, the camera and the expression, solved from a face tracker's points."""
