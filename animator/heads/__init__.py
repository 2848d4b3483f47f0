"""Identity -> Head. One file is one kind of head; `base.HeadMaker` says the verb. The rooms hold what a head is made of."""
