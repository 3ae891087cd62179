"""What happens to 200 people who are signed in when a store, the network, a replica or its clock fails: `make faults`."""
