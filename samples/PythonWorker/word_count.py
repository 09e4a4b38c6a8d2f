"""Counts the words of a job: `jobs worker --queue texts -- python3 word_count.py`.

The payload comes on standard input; JOB_ID, JOB_TYPE, JOB_QUEUE and JOB_ATTEMPT are in the environment.
The exit code decides: 0 is success, 65 goes straight to the dead letters, everything else is tried again.
"""

import json
import os
import sys

WRONG_DATA = 65


def main() -> int:
    try:
        text = sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        print(f"the payload is not UTF-8: {error}", file=sys.stderr)  # kept with the dead letter
        return WRONG_DATA

    result = {"job": os.environ["JOB_ID"], "attempt": int(os.environ["JOB_ATTEMPT"]), "words": len(text.split())}
    print(json.dumps(result), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
