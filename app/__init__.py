"""Loudeng (楼灯): a stair light reported in the evening burns before bedtime."""
