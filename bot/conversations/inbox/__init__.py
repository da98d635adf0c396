"""The line of turns: inputs arrive, wait, are claimed and run, on one replica or several."""
