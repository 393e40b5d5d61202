"""What a learner's log says about the learning, as frozen results and pure functions."""
