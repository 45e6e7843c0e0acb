"""Django's admin, with our site in the place of its own."""

from django.contrib.admin.apps import AdminConfig


class AdminApp(AdminConfig):
    default_site = "config.admin_site.StewardSite"
