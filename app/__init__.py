"""What the learner meets: commands, screens, the study loop and progress."""
