import NIOHTTP1
import NIOHTTP2
import SwiftProtobuf
