"""Observation: what a tool may yield."""

from investigator.domain.alert import Alert
from investigator.domain.event import Event, EventGroup
from investigator.domain.gap import Gap
from investigator.domain.measure import Measure
from investigator.domain.state import State

Observation = Event | EventGroup | State | Measure | Alert | Gap
SavedObservation = EventGroup | State | Measure | Alert | Gap
"""What a case keeps of a step; single events stay in the evidence store."""
