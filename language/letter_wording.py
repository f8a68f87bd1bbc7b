"""The few words that are added while something is being sent."""

SENT_AGAIN = "(gửi lại)"
NAMELESS = "(không còn giữ tên)"
