.PHONY: demo demo-stop build test lint format install-deps clean

demo:
	@scripts/demo

demo-stop:
	@scripts/demo-stop

build:
	@scripts/build-release

test:
	@scripts/test

lint:
	@scripts/lint

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

install-deps:
	@scripts/install-deps

clean: demo-stop
	rm -rf .build .cache .gatehouse test-artifacts
