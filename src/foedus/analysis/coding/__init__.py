"""Whether coders and measured data agree."""
