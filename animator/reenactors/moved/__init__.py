"""A photo's own pixels, moved with the head behind it.

``frame`` (which square of the photo is worked on) → ``surface`` (which place of the head each pixel shows, and where the photo
has it) → ``around`` (how what is beside the head follows) → ``inside`` (teeth, tongue and hollow of the mouth, drawn) →
``picture`` (pixels). ``mover`` runs them.
"""
