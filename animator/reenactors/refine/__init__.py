"""What a moved photo lacks, by diffusion.

``bank`` (a feeling as words) → ``net`` (the denoiser) → ``sampling`` (few steps from shared noise, each condition with its own
guidance) → ``looks`` (pictures to tensors and back).
"""
