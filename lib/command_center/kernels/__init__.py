"""Warm kernels: one process imports the stack once, every kernel is a fork of it.

Modules: `template` (the process that forks), `owner` (starts, replaces and stops it),
`provisioner` (how jupyter_client gets a kernel from it), `execution` and `workers` (notebooks
executed through papermill). This file imports nothing, because the template must stay small.
"""
