"""How scenes are called where little else is told of them."""

from collections.abc import Iterable, Mapping

from syncapp.models import Scene, SceneFile


def titles_of_scenes(ids: Iterable[int]) -> dict[int, str]:
    """Return how these scenes are called, by row id; two queries.

    One that is not there is "Untitled", too.
    """
    keys = list(ids)
    told = dict(Scene.objects.filter(id__in=keys).values_list("id", "title"))
    return shown_titles({key: told.get(key, "") for key in keys})


def shown_titles(titles: Mapping[int, str]) -> dict[int, str]:
    """Return the titles of scenes, by row id; without one, the first file's name.

    One query for those that have none.
    """
    untitled = [key for key, title in titles.items() if not title]
    files = SceneFile.objects.filter(scene_id__in=untitled, position=0).order_by()
    names = dict(files.values_list("scene_id", "basename"))
    return {key: t or names.get(key, "") or "Untitled" for key, t in titles.items()}
