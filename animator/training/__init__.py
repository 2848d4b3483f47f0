"""How the shipped weights are made: corpora with their licences, labelled speech, and the fits."""
