"""The map of addresses."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path

from config.sign_in import SignIn
from jobs.web import views
from jobs.web.urls import schedules

urlpatterns = [
    path("sign-in/", SignIn.as_view(), name="login"),
    path("sign-out/", LogoutView.as_view(), name="logout"),
    path("admin/", admin.site.urls),
    path("jobs/", include("jobs.web.urls")),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
    path("schedules/", include((schedules, "schedules"))),
    path("", include("syncapp.urls")),
]
