"""How scenes are called where little else is told of them."""

from collections.abc import Mapping

from syncapp.models import SceneFile


def shown_titles(titles: Mapping[int, str]) -> dict[int, str]:
    """Return the titles of scenes, by row id; without one, the first file's name.

    One query for those that have none.
    """
    untitled = [key for key, title in titles.items() if not title]
    files = SceneFile.objects.filter(scene_id__in=untitled, position=0).order_by()
    names = dict(files.values_list("scene_id", "basename"))
    return {key: t or names.get(key, "") or "Untitled" for key, t in titles.items()}
