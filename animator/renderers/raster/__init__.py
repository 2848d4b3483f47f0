"""A rasteriser on numba: the stages of `animator.renderers.soft`, in the order a frame passes them.

``texture`` (once a head) → ``occlusion`` (what hides what from the light) → ``cover`` (which triangle each sample sees) →
``shade`` (light on one point) → ``draw`` (veils, solids, picture).
"""
