"""The tree of places: searched by address, QR code or position; and the QR codes themselves."""

from app.services.places.places import (
    child_places,
    get_place,
    get_place_by_scene,
    get_scene,
    nearest_building,
)
from app.services.places.qr import LINK_PATH, qr_png, scene_url
from app.services.places.rooms import clear_rooms, room_within
from app.services.places.search import find_places, search_places

__all__ = [
    "LINK_PATH",
    "child_places",
    "clear_rooms",
    "find_places",
    "get_place",
    "get_place_by_scene",
    "get_scene",
    "nearest_building",
    "qr_png",
    "room_within",
    "scene_url",
    "search_places",
]
