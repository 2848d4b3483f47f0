"""A rasteriser on numba: the stages of `animator.renderers.soft`, in the order a frame passes them.

``texture`` and ``mesh`` (once a head) → ``occlusion`` and ``ambient`` (what hides what from the light) → ``shade`` (light at the
vertices, and on one point) → ``cover`` (which triangle each sample sees) → ``draw`` (veils, solids, picture).
``scene`` runs them. Reenactors, which take their pixels from a photo, need only ``mesh`` and ``cover``.
"""
