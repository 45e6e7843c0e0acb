"""Addresses below /jobs/ and /schedules/."""

from django.urls import path

from jobs.web import views

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

schedules = [
    path("", views.schedule_list, name="list"),
    path("new/", views.new_schedule, name="new"),
    path("<int:schedule_id>/", views.schedule_page, name="page"),
    path("<int:schedule_id>/change/", views.change_schedule, name="change"),
    path("<int:schedule_id>/delete/", views.delete_schedule, name="delete"),
    path("<int:schedule_id>/run/", views.run_schedule, name="run"),
    path("<int:schedule_id>/enable/", views.enable_schedule, name="enable"),
    path("<int:schedule_id>/disable/", views.disable_schedule, name="disable"),
]
