"""Fast routes: the busiest routes, answered without FastAPI's router and dependency solver.

A fast route is declared like any other, so the router knows it and the OpenAPI document describes it. But resolving every
dependency anew took a fifth of a submit's time and the router a tenth of an action's, so `middleware` looks the route up in
a table (`matching`, built from the routes' own paths) and `dispatch` calls its handler with values that are
read straight from the request. `binding` finds out how to read a parameter by its annotation, never by its name. Anything
unusual is left to the framework: a parameter that `binding` has no reader for, a path or a method that is not in the table.
Both ways call the same handler and answer the same; docs/decisions/0008 gives the measurements.
"""
