"""The screens: home, study, summary, help, and what lies over them."""
