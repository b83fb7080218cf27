# Each target sets up what it needs first; on a fresh Debian or Ubuntu nothing has to be done before.
# YES=1 installs missing system packages without asking.

.PHONY: help run test bench fuzz simulate relay dist

help:
	@echo "make run    build and open BandPro (without a display: a tour on the command line)"
	@echo "make test   run every check"
	@echo "make bench  measure and print the numbers of the design"
	@echo "make fuzz   feed every reader of files and messages spoiled input (FUZZ_SECONDS each, FUZZ_TARGETS)"
	@echo "make relay  start a relay on this machine, to try it out"
	@echo "make simulate  play 100,000 simulated bands (SEEDS=N: so many)"
	@echo "make dist   build the release binaries"

run test bench fuzz simulate relay dist:
	@scripts/$@.sh
