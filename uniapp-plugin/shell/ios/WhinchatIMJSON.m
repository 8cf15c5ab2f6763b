#import "WhinchatIMJSON.h"

#import "WhinchatIMMemory.h"

// The core reads 128.
static const unsigned deepest = 200;
static const unsigned replacement = 0xFFFD;

static void put(NSMutableData *out, const char *text) {
  const char *end = text;
  while (*end != 0) end++;
  [out appendBytes:text length:(NSUInteger)(end - text)];
}

static void putCharacter(NSMutableData *out, unsigned code) {
  unsigned char bytes[4];
  NSUInteger length = 0;
  if (code < 0x80) {
    bytes[length++] = (unsigned char)code;
  } else if (code < 0x800) {
    bytes[length++] = (unsigned char)(0xC0 | code >> 6);
    bytes[length++] = (unsigned char)(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    bytes[length++] = (unsigned char)(0xE0 | code >> 12);
    bytes[length++] = (unsigned char)(0x80 | (code >> 6 & 0x3F));
    bytes[length++] = (unsigned char)(0x80 | (code & 0x3F));
  } else {
    bytes[length++] = (unsigned char)(0xF0 | code >> 18);
    bytes[length++] = (unsigned char)(0x80 | (code >> 12 & 0x3F));
    bytes[length++] = (unsigned char)(0x80 | (code >> 6 & 0x3F));
    bytes[length++] = (unsigned char)(0x80 | (code & 0x3F));
  }
  [out appendBytes:bytes length:length];
}

static void putEscaped(NSMutableData *out, unsigned code) {
  static const char digits[] = "0123456789abcdef";
  char text[] = "\\u0000";
  text[4] = digits[code >> 4 & 0xF];
  text[5] = digits[code & 0xF];
  put(out, text);
}

/* The characters of a string; inside quotation marks, or as they are. */
static void putCharacters(NSMutableData *out, NSString *string, BOOL quoted) {
  NSUInteger length = [string length];
  unichar part[256];
  unsigned high = 0;
  for (NSUInteger from = 0; from < length; from += 256) {
    NSUInteger count = length - from < 256 ? length - from : 256;
    [string getCharacters:part range:NSMakeRange(from, count)];
    for (NSUInteger n = 0; n < count; n++) {
      unsigned unit = part[n];
      BOOL low = unit >= 0xDC00 && unit < 0xE000;
      if (high != 0) {
        putCharacter(out, low ? 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00) : replacement);
        high = 0;
        if (low) continue;
      }
      if (unit >= 0xD800 && unit < 0xDC00) {
        high = unit;
      } else if (low) {
        putCharacter(out, replacement);
      } else if (quoted && (unit == '"' || unit == '\\')) {
        putCharacter(out, '\\');
        putCharacter(out, unit);
      } else if (quoted && unit < 0x20) {
        putEscaped(out, unit);
      } else {
        // A text of C ends at a zero.
        putCharacter(out, unit == 0 ? replacement : unit);
      }
    }
  }
  if (high != 0) putCharacter(out, replacement);
}

static void putString(NSMutableData *out, NSString *string) {
  put(out, "\"");
  putCharacters(out, string, YES);
  put(out, "\"");
}

static void putNumber(NSMutableData *out, NSNumber *number) {
  if ([number isKindOfClass:[[NSNumber numberWithBool:YES] class]]) {
    put(out, [number boolValue] ? "true" : "false");
    return;
  }
  char type = *[number objCType];
  if (type != 'd' && type != 'f') {
    put(out, [[number stringValue] UTF8String]);
    return;
  }
  double value = [number doubleValue];
  if (value != value || value - value != 0) {
    put(out, "null");
  } else if (value > -9007199254740993.0 && value < 9007199254740993.0 && value == (double)(long long)value) {
    // As JavaScript writes it: 5 and not 5.0.
    put(out, [[NSString stringWithFormat:@"%lld", (long long)value] UTF8String]);
  } else {
    put(out, [[NSString stringWithFormat:@"%.17g", value] UTF8String]);
  }
}

/* As `2026-01-31T23:59:59.999Z`; null outside the years 1 to 9999. */
static void putDate(NSMutableData *out, NSDate *date) {
  double seconds = [date timeIntervalSince1970];
  if (!(seconds >= -62135596800.0 && seconds < 253402300800.0)) {
    put(out, "null");
    return;
  }
  // Counted from the first of March of the year 0, so that a leap day is the last of its year.
  long long ms = (long long)(seconds * 1000 + 62162035200000.0 + 0.5);
  long long days = ms / 86400000, rest = ms % 86400000;
  long long era = days / 146097, inEra = days % 146097;
  long long year = (inEra - inEra / 1460 + inEra / 36524 - inEra / 146096) / 365;
  long long inYear = inEra - (365 * year + year / 4 - year / 100);
  long long month = (5 * inYear + 2) / 153;
  int day = (int)(inYear - (153 * month + 2) / 5 + 1);
  int calendar = (int)(month < 10 ? month + 3 : month - 9);
  int full = (int)(year + era * 400 + (calendar <= 2 ? 1 : 0));
  int second = (int)(rest / 1000);
  NSString *text = [NSString stringWithFormat:@"\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", full, calendar, day, second / 3600,
                                              second / 60 % 60, second % 60, (int)(rest % 1000)];
  put(out, [text UTF8String]);
}

/* NO: too deep, and nothing more is written. */
static BOOL putValue(NSMutableData *out, id value, unsigned depth) {
  if (value == nil || [value isKindOfClass:[NSNull class]]) {
    put(out, "null");
  } else if ([value isKindOfClass:[NSString class]]) {
    putString(out, value);
  } else if ([value isKindOfClass:[NSNumber class]]) {
    putNumber(out, value);
  } else if ([value isKindOfClass:[NSDate class]]) {
    putDate(out, value);
  } else if ([value isKindOfClass:[NSDictionary class]]) {
    if (depth == deepest) return NO;
    const char *before = "{";
    for (id key in value) {
      put(out, before);
      putString(out, [key isKindOfClass:[NSString class]] ? key : [key description]);
      put(out, ":");
      if (!putValue(out, [value objectForKey:key], depth + 1)) return NO;
      before = ",";
    }
    put(out, *before == '{' ? "{}" : "}");
  } else if ([value isKindOfClass:[NSArray class]]) {
    if (depth == deepest) return NO;
    const char *before = "[";
    for (id item in value) {
      put(out, before);
      if (!putValue(out, item, depth + 1)) return NO;
      before = ",";
    }
    put(out, *before == '[' ? "[]" : "]");
  } else {
    put(out, "{\"@type\":");
    putString(out, NSStringFromClass([value class]));
    put(out, "}");
  }
  return YES;
}

NSData *WhinchatIMWriteJSON(id value) {
  NSMutableData *out = [NSMutableData dataWithCapacity:256];
  putValue(out, value, 0);
  return out;
}

NSData *WhinchatIMWriteParameters(id options) {
  NSMutableData *out = [NSMutableData dataWithCapacity:256];
  if ([options isKindOfClass:[NSString class]]) {
    putCharacters(out, options, NO);
  } else {
    putValue(out, options, 0);
  }
  [out appendBytes:"" length:1];
  return out;
}

NSDictionary *WhinchatIMReadJSON(const char *text, size_t length) {
  @try {
    NSData *data = [NSData dataWithBytesNoCopy:(void *)text length:length freeWhenDone:NO];
    id value = [NSJSONSerialization JSONObjectWithData:data options:0 error:NULL];
    return [value isKindOfClass:[NSDictionary class]] ? value : nil;
  } @catch (id fault) {
    return nil;
  }
}
