"""From a file to people: photos, finders, observations."""

from workbench.image.blazepose import BlazePoseFinder as BlazePoseFinder
from workbench.image.observation import Observation as Observation
from workbench.image.observation import observe as observe
from workbench.image.people import Finder as Finder
from workbench.image.people import find_people as find_people
from workbench.image.person import Person as Person
from workbench.image.photo import Photo as Photo
from workbench.image.photo import PhotoError as PhotoError
from workbench.image.photo import load_photo as load_photo
