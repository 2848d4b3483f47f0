"""animator: speech in, a talking face that means what it says out."""
