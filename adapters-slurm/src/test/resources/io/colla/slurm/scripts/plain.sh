#!/bin/bash
# Written by Colla, and kept to be read. To submit it again by hand: sbatch '/work/my project/colla-jobs/app-1/job.sh'
#SBATCH --job-name=app
#SBATCH --signal=B:USR1@60
#SBATCH --output="/work/my project/colla-jobs/app-1/output.txt"
#SBATCH --open-mode=append
#SBATCH --no-requeue
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=1
#SBATCH --no-kill

# The job's own folder, and the number of this part if the job is an array.
folder='/work/my project/colla-jobs/app-1'
job=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}
index=${SLURM_ARRAY_TASK_ID:-}
export COLLA_JOB_FOLDER="$folder" COLLA_ARRAY_INDEX="$index"

# The exit code stays in the job's folder when the batch system has forgotten the job.
exit_code=$folder/exit-code${index:+.$index}
rm -f -- "$exit_code"
trap 'code=$?; printf "%s\n" "$code" >"$exit_code.new" && mv -f -- "$exit_code.new" "$exit_code"' EXIT

# The folder that it works in.
cd -- '/work/my project' || exit 2

# From the shell that it was submitted in.
export LANG=C.UTF-8
export PATH='/opt/it'\''s here/bin:/bin'

# Before.
. /site/env.sh
module load hmmer

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
