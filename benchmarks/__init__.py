"""Measurements anyone can repeat: ``python -m benchmarks speed`` and ``python -m benchmarks quality``.

How we measure: medians with their spread over repeats after a warm-up, fixed seeds, the machine's facts beside every result,
each figure beside a trivial baseline, and losses shown. Timings depend on the machine; read ratios within one result.
Results are JSON in ``benchmarks/results``, of one schema that a test checks.
"""
