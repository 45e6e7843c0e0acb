"""Addresses below /jobs/."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("workers/", views.worker_list, name="workers"),
    path("lanes/<str:lane>/pause/", views.pause, name="pause"),
    path("lanes/<str:lane>/resume/", views.resume, name="resume"),
    path("state.json", views.list_state, name="list_state"),
    path("<int:job_id>/state.json", views.job_state, name="state"),
    path("<int:job_id>/", views.job_page, name="detail"),
    path("<int:job_id>/cancel/", views.cancel, name="cancel"),
    path("<int:job_id>/retry/", views.retry, name="retry"),
]
