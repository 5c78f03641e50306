"""The manifests have the shape that Kubernetes asks for, and name what the program, its image and each other have."""

import copy
from typing import Any, Final

import pytest

from app.__main__ import _parser
from app.routers import health
from app.serve.supervisor import STOP_SECONDS
from app.settings import PREFIX, Settings
from tests.manifests import FOLDER, KINDS, documents, errors, find, of_kind

OURS: Final = [document for document in documents() if document["kind"] in KINDS]
# What extends Kubernetes has no schema here: the fields that are used, as CloudNativePG 1.26 and its plugin name them.
EXTENSIONS: Final[dict[str, set[str]]] = {
    "Cluster": {
        *("instances", "imageName", "bootstrap", "postgresql", "affinity", "storage", "walStorage"),
        *("resources", "plugins"),
    },
    "ObjectStore": {"retentionPolicy", "configuration"},
    "ScheduledBackup": {"schedule", "backupOwnerReference", "cluster", "method", "pluginConfiguration"},
}
APPLIED_BY_HAND: Final = {"kustomization.yaml", "secret.example.yaml"}


def name(document: dict[str, Any]) -> str:
    return f"{document['kind']}/{document.get('metadata', {}).get('name')}"


@pytest.mark.parametrize("document", OURS, ids=name)
def test_a_manifest_has_the_shape_the_api_asks_for(document: dict[str, Any]) -> None:
    assert errors(document) == []


BROKEN: Final = [
    ("replicas", "2", "Deployment.spec.replicas: '2' is no integer"),
    ("replica", 2, "Deployment.spec: replica is unknown"),
    ("template", None, "Deployment.spec.template: None is no object"),
]


@pytest.mark.parametrize(("field", "value", "error"), BROKEN)
def test_a_wrong_manifest_is_seen(field: str, value: Any, error: str) -> None:
    document = copy.deepcopy(of_kind("Deployment")[0])
    document["spec"][field] = value
    assert errors(document) == [error]


def test_every_file_is_applied_and_every_kind_is_known() -> None:
    (kustomization,) = of_kind("Kustomization")
    files = {path.name for path in FOLDER.glob("*.yaml")}
    assert set(kustomization["resources"]) == files - APPLIED_BY_HAND
    assert {document["kind"] for document in documents()} == {*KINDS, *EXTENSIONS, "Kustomization"}
    for document in documents():
        if document["kind"] in EXTENSIONS:
            assert document["spec"].keys() <= EXTENSIONS[document["kind"]], name(document)


def test_settings_are_the_programs_and_are_set_once() -> None:
    (shared,), (secret,) = of_kind("ConfigMap"), of_kind("Secret")
    names = [*shared["data"], *secret["stringData"], "LOUDENG_DATABASE_URL"]
    assert len(names) == len(set(names))
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}
    assert {each for each in names if each not in known} == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    Settings(**{each.removeprefix(PREFIX).lower(): value for each, value in shared["data"].items()})
    given = {env["name"] for document in OURS for envs in find(document, "env") for env in envs}
    assert given == {"LOUDENG_DATABASE_URL"}


def test_what_is_referred_to_is_declared() -> None:
    declared = {kind: {document["metadata"]["name"] for document in of_kind(kind)} for kind in KINDS}
    # CloudNativePG writes how to reach its cluster into a secret of this name.
    declared["Secret"] |= {f"{cluster['metadata']['name']}-app" for cluster in of_kind("Cluster")}
    for reference, kind in (
        ("configMapRef", "ConfigMap"),
        ("secretRef", "Secret"),
        ("secretKeyRef", "Secret"),
    ):
        names = {one["name"] for document in OURS for one in find(document, reference)}
        assert names
        assert names <= declared[kind]
    services = {one["name"] for document in of_kind("Ingress") for one in find(document, "service")}
    assert services <= declared["Service"]
    (store,) = of_kind("ObjectStore")
    assert set(find(of_kind("Cluster"), "barmanObjectName")) == {store["metadata"]["name"]}


def test_selectors_choose_the_pods_they_mean() -> None:
    pods = {
        tuple(sorted(one["spec"]["template"]["metadata"]["labels"].items())) for one in of_kind("Deployment")
    }
    chosen = [labels for document in OURS for labels in find(document, "matchLabels")]
    chosen += [one["spec"]["selector"] for one in of_kind("Service") if "selector" in one["spec"]]
    assert {tuple(sorted(labels.items())) for labels in chosen} == pods
    assert len(of_kind("PodDisruptionBudget")) == len(pods)


@pytest.mark.parametrize("deployment", of_kind("Deployment"), ids=name)
def test_a_pod_runs_a_command_of_the_program_and_is_watched_where_it_answers(
    deployment: dict[str, Any],
) -> None:
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    (port,) = container["ports"]
    arguments = _parser().parse_args(container["args"])
    (shared,) = of_kind("ConfigMap")
    worker_port = int(shared["data"]["LOUDENG_HEALTH_PORT"])
    assert port["containerPort"] == (
        worker_port if arguments.worker_only else Settings.model_fields["port"].default
    )
    probes = {each: container[f"{each}Probe"]["httpGet"] for each in ("startup", "liveness", "readiness")}
    assert {each: probe["path"] for each, probe in probes.items()} == {
        "startup": "/health",
        "liveness": "/health",
        "readiness": "/ready",
    }
    assert {probe["path"] for probe in probes.values()} <= {route.path for route in health.router.routes}  # type: ignore[attr-defined]
    assert {probe["port"] for probe in probes.values()} == {port["name"]}


@pytest.mark.parametrize("deployment", of_kind("Deployment"), ids=name)
def test_a_pod_has_the_time_it_needs_to_stop(deployment: dict[str, Any]) -> None:
    pod = deployment["spec"]["template"]["spec"]
    delay = sum(int(command[1]) for command in find(pod, "command"))
    assert delay + STOP_SECONDS < 15 < pod["terminationGracePeriodSeconds"]


def test_there_are_connections_for_every_process() -> None:
    (shared,), (cluster,) = of_kind("ConfigMap"), of_kind("Cluster")
    # While pods are replaced there is one more of each kind, and the migration.
    processes = sum(one["spec"]["replicas"] + 1 for one in of_kind("Deployment")) + 1
    needed = processes * (int(shared["data"]["LOUDENG_POOL"]) + 1)
    assert needed < int(cluster["spec"]["postgresql"]["parameters"]["max_connections"])
