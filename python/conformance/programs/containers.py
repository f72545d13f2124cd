"""@container without any container engine: an error that names what is missing."""
# conformance: without: docker podman singularity apptainer
from pycompss.api.api import compss_wait_on
from pycompss.api.binary import binary
from pycompss.api.container import container
from pycompss.api.task import task


@container(engine="DOCKER", image="debian:12")
@binary(binary="true")
@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def in_docker():
    pass


@container(engine="SINGULARITY", image="image.sif")
@binary(binary="echo")
@task(returns=int, on_failure="CANCEL_SUCCESSORS")
def in_singularity(word):
    pass


for function, arguments, engine in ((in_docker, (), "docker"), (in_singularity, ("x",), "singularity")):
    try:
        print(compss_wait_on(function(*arguments)))
    except Exception as error:
        print(engine, engine in str(error).lower())
