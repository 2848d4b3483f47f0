"""What is said, as mouth curves: segments, coarticulation, contacts, and the prosody that the rest of the face answers."""
