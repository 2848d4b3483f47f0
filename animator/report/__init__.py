"""What came of a performance, for whoever answers for it: measures, curves and pictures on one page, and the same as JSON."""
