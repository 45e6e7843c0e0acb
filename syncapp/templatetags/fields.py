"""How the fields of changes are called on a page."""

from django import template

from syncapp.queries import shown_field

register = template.Library()
register.filter("field_words", shown_field)
