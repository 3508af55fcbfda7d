"""What `spark-submit` is given: `spark-submit … submit.py OPTIONS` is `servanda spark OPTIONS`."""

from checker.cli.cmd_spark import spark

if __name__ == "__main__":
    spark()
