"""The emotion embedder's weights from nothing: the space of feelings, then the doors into it."""
