#!/bin/bash
# Written by Colla, and kept to be read. To submit it again by hand: qsub /home/me/colla-jobs/app-1/job.sh
#PBS -N my__first__job
#PBS -S /bin/bash
#PBS -j oe
#PBS -o /home/me/colla-jobs/app-1/pbs-messages.^array_index^.txt
#PBS -l select=1:ncpus=4:mem=8388609kb:ngpus=2:gpu_type=a100:highmem=True+2:ncpus=2:arch=knl
#PBS -l place=scatter:excl
#PBS -l walltime=30:00:00
#PBS -q debug
#PBS -A project1
#PBS -l matlab=2,foo=1
#PBS -W depend=afterok:12.head,afterany:13[].head,afternotok:14,after:15
#PBS -J 1-9:2%3
#PBS -m abe
#PBS -M me@example.org
#PBS -p 100

# The job's own folder, and the number of this part if the job is an array.
folder=/home/me/colla-jobs/app-1
job=${PBS_JOBID%%[.\[]*}
index=${PBS_ARRAY_INDEX:-${PBS_ARRAYID:-}}
export COLLA_JOB_FOLDER="$folder" COLLA_ARRAY_INDEX="$index"

# The exit code stays in the job's folder when the batch system has forgotten the job.
exit_code=$folder/exit-code${index:+.$index}
rm -f -- "$exit_code"
trap 'code=$?; printf "%s\n" "$code" >"$exit_code.new" && mv -f -- "$exit_code.new" "$exit_code"' EXIT

# What the job prints can be read while it runs.
exec >>/home/me/logs/"$job"-"$index"' 100%.txt' 2>&1

# The folder that it works in.
cd -- /home/me || exit 2

# From the shell that it was submitted in.
export PATH='/opt/it'\''s here/bin:/bin'

# Before.
. /site/env.sh

# Signals are handed on, so that the run can end in order.
run=
trap '[ -z "$run" ] || kill -USR1 "$run"' USR1
trap '[ -n "$run" ] || exit 143; kill -TERM "$run"' TERM INT HUP
/opt/colla/bin/colla run app.py 'two words' '$HOME' 'new
line' 'ü' &
run=$!
wait "$run"
while kill -0 "$run" 2>/dev/null; do wait "$run"; done # a signal ends the wait, not the run
wait "$run"
code=$?

# After.
echo done
exit "$code"
