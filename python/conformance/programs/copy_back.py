"""At the program's end its files are at their paths, without a call that asks for it."""
# conformance: files: out0.txt out1.txt out2.txt
from pycompss.api.parameter import FILE_INOUT, FILE_OUT
from pycompss.api.task import task


@task(path=FILE_OUT)
def write(path, number):
    with open(path, "w") as file:
        file.write(f"{number}\n")


@task(path=FILE_INOUT)
def append(path, number):
    with open(path, "a") as file:
        file.write(f"{number}\n")


for index in range(3):
    write(f"out{index}.txt", index)
    append(f"out{index}.txt", index * 10)
print("submitted")
