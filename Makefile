.PHONY: demo demo-stop build test fuzz bench faults image deb lint format install-deps clean

demo:
	@scripts/demo

demo-stop:
	@scripts/demo-stop

build:
	@scripts/build-release

test:
	@scripts/test

# One minute a target, or as long as SECONDS says.
fuzz:
	@scripts/fuzz $(or $(SECONDS),60)

bench:
	@scripts/bench

faults:
	@scripts/faults

image:
	@scripts/image

deb:
	@scripts/deb

lint:
	@scripts/lint

format:
	swift format --in-place --recursive --parallel Sources Tests Fuzzing Benchmarks/Sources Package.swift Benchmarks/Package.swift

install-deps:
	@scripts/install-deps

clean: demo-stop
	rm -rf .build .cache .gatehouse test-artifacts Benchmarks/.build
