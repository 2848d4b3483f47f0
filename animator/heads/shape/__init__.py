"""A person's shape: MakeHuman's base mesh and targets, read, mixed, cut to a bust, and moved by ARKit's units."""
