"""Figures: functions take data and axes and return the axes; they compute nothing, show nothing."""
